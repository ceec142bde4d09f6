// The charts of the product; loaded only by pages that show one.
import { init, use } from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

// Custom properties that hold light-dark() come back unresolved, so a hidden element is painted with them and asked.
const probe = document.createElement('span');
probe.hidden = true;
const colour = name => {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};

// Draws, redraws when theme or size change, and goes with the page.
function keepDrawn(element, options) {
  const chart = init(element, null, { renderer: 'canvas' });
  const draw = () => chart.setOption(options(), { notMerge: true });
  draw();
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(element);
  const theme = new MutationObserver(draw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', draw);
  document.fonts?.ready.then(() => { if (!chart.isDisposed()) draw(); });
  return {
    redraw: draw,
    dispose() { sizes.disconnect(); theme.disconnect(); system.removeEventListener('change', draw); chart.dispose(); },
  };
}

const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayText = iso => shortDay.format(new Date(`${iso}T00:00:00Z`));

// data: { days: [iso], profit: [number|null], acos: [percent|null], expectedAcos, expectedProfit: the same once settled, null where it is; breakEven: percent|null, settlingFrom: index|null, currency, profitName }
export function profitAndAcos(element, data) {
  let current = data;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const drawn = keepDrawn(element, () => {
    const soft = colour('--ink-soft'), edge = colour('--edge'), bar = colour('--chart-profit'), line = colour('--chart-acos'), mark = colour('--chart-mark');
    const fontFamily = getComputedStyle(document.body).fontFamily;
    const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: current.currency, maximumFractionDigits: 0 });
    const label = { color: soft, fontFamily, fontSize: 11.5 };
    const bare = { axisLine: { show: false }, axisTick: { show: false } };
    const narrow = element.clientWidth < 520;
    // Days that still settle look worse than they are: they do not stretch the axis.
    const settled = current.acos.filter((value, i) => value !== null && (current.settlingFrom === null || i < current.settlingFrom));
    const highest = Math.max(10, ...(settled.length ? settled : current.acos.filter(value => value !== null)), current.breakEven ?? 0);
    const step = Math.ceil(Math.min(200, highest * 1.15) / 20) * 5;
    return {
      animation: !still, animationDuration: 300, textStyle: { fontFamily },
      grid: { left: narrow ? 46 : 56, right: narrow ? 38 : 46, top: 18, bottom: 28 },
      tooltip: {
        trigger: 'axis', confine: true, backgroundColor: colour('--paper'), borderColor: colour('--edge-strong'), padding: [8, 12], textStyle: { color: colour('--ink'), fontFamily, fontSize: 12.5 },
        axisPointer: { type: 'line', lineStyle: { color: mark, type: 'solid' } },
        formatter(points) {
          const i = points[0].dataIndex, box = document.createElement('div');
          const row = (text, strong) => { const part = document.createElement(strong ? 'b' : 'div'); part.textContent = text; box.append(part); };
          row(dayText(current.days[i]), true);
          row(current.profit[i] === null ? 'Profit unknown' : `${current.profitName} ${money.format(current.profit[i])}`);
          row(current.acos[i] === null ? 'No ad sales' : `ACoS ${current.acos[i].toFixed(1)}%`);
          if (current.expectedProfit[i] !== null) row(`Expected once settled: ${money.format(current.expectedProfit[i])}`);
          if (current.expectedAcos[i] !== null) row(`ACoS expected once settled: ${current.expectedAcos[i].toFixed(1)}%`);
          else if (current.settlingFrom !== null && i >= current.settlingFrom) row('Still settling: orders may be added');
          return box;
        },
      },
      xAxis: {
        type: 'category', data: current.days, ...bare,
        splitArea: { show: current.settlingFrom !== null, interval: 0, areaStyle: { color: current.days.map((_, i) => i >= current.settlingFrom ? mark : 'transparent'), opacity: .08 } },
        axisLabel: { ...label, hideOverlap: true, interval: Math.max(0, Math.ceil(current.days.length / (narrow ? 4 : 8)) - 1), formatter: dayText },
      },
      yAxis: [
        { type: 'value', splitNumber: 4, ...bare, axisLabel: { ...label, formatter: value => money.format(value) }, splitLine: { lineStyle: { color: edge } } },
        { type: 'value', min: 0, max: step * 4, interval: step, ...bare, axisLabel: { ...label, formatter: value => `${Math.round(value)}%` }, splitLine: { show: false } },
      ],
      series: [
        {
          name: current.profitName, type: 'bar', data: current.profit.map((value, i) => ({ value, itemStyle: { color: bar, opacity: current.settlingFrom !== null && i >= current.settlingFrom ? .4 : .85, borderRadius: value >= 0 ? [2, 2, 0, 0] : [0, 0, 2, 2] } })), barCategoryGap: '26%', barMaxWidth: 26,
          // Names the shaded days; the axis shades them, to the edges of their bars.
          markArea: current.settlingFrom === null ? undefined : { silent: true, itemStyle: { color: 'transparent' }, label: { show: !narrow, color: soft, fontFamily, fontSize: 11, position: 'insideTop' }, data: [[{ name: 'still settling', xAxis: current.days[current.settlingFrom] }, { xAxis: current.days[current.days.length - 1] }]] },
        },
        {
          name: 'ACoS', type: 'line', yAxisIndex: 1, data: current.acos, connectNulls: true, showSymbol: false, lineStyle: { width: 1.8, color: line }, itemStyle: { color: line },
          markLine: current.breakEven === null ? undefined : { silent: true, symbol: 'none', animation: false, lineStyle: { color: line, type: [5, 4], width: 1.2, opacity: .75 }, label: { show: false }, data: [{ yAxis: current.breakEven }] },
        },
        { name: 'Expected ACoS', type: 'line', yAxisIndex: 1, data: current.expectedAcos, connectNulls: false, showSymbol: false, lineStyle: { width: 1.8, color: line, type: [2, 3] }, itemStyle: { color: line } },
        { name: 'Expected', type: 'bar', data: current.expectedProfit, barGap: '-100%', barCategoryGap: '26%', barMaxWidth: 26, itemStyle: { color: 'transparent', borderColor: bar, borderType: 'dashed', borderWidth: 1 } },
      ],
    };
  });
  return { update(next) { current = next; drawn.redraw(); }, dispose: drawn.dispose };
}

// data: { points: [{ acos: percent, cost, sales, profit, multiple, name }] from low to high bids, goal: percent|null, currency }
export function frontier(element, data) {
  let current = data;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const drawn = keepDrawn(element, () => {
    const soft = colour('--ink-soft'), ink = colour('--ink'), edge = colour('--edge'), profit = colour('--chart-profit'), sales = colour('--chart-acos'), mark = colour('--chart-mark');
    const fontFamily = getComputedStyle(document.body).fontFamily;
    const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: current.currency, maximumFractionDigits: 0 });
    const label = { color: soft, fontFamily, fontSize: 11.5 };
    const bare = { axisLine: { show: false }, axisTick: { show: false } };
    const narrow = element.clientWidth < 520;
    // Named points stand out on both lines. Labels of neighbours stand on two levels.
    const lines = [...current.points.filter(point => point.name).map(point => ({ at: point.acos, text: point.name })), ...(current.goal === null ? [] : [{ at: current.goal, text: 'goal' }])].sort((a, b) => a.at - b.at);
    const marks = lines.map((mark, i) => ({ xAxis: mark.at, ...(mark.text === 'goal' ? { lineStyle: { type: [5, 4] } } : {}), label: { formatter: mark.text, position: 'end', rotate: 0, distance: i % 2 ? 16 : 4 } }));
    const axis = (name, position, colour) => ({ type: 'value', name, position, nameTextStyle: { ...label, color: colour, align: position, padding: position === 'left' ? [0, 0, 16, -40] : [0, -40, 16, 0] }, splitNumber: 4, alignTicks: true, ...bare, axisLabel: { ...label, formatter: value => money.format(value) } });
    const line = (name, yAxisIndex, colour, value) => ({
      name, type: 'line', yAxisIndex, data: current.points.map(point => ({ value: [point.acos, value(point)], symbolSize: point.name ? 9 : 5 })), symbol: 'circle', showSymbol: true, lineStyle: { width: 1.8, color: colour }, itemStyle: { color: colour },
    });
    return {
      animation: !still, animationDuration: 300, textStyle: { fontFamily },
      grid: { left: narrow ? 54 : 64, right: narrow ? 56 : 66, top: 46, bottom: 42 },
      tooltip: {
        trigger: 'item', confine: true, backgroundColor: colour('--paper'), borderColor: colour('--edge-strong'), padding: [8, 12], textStyle: { color: ink, fontFamily, fontSize: 12.5 },
        formatter(hit) {
          const point = current.points[hit.dataIndex], box = document.createElement('div');
          const row = (text, strong) => { const part = document.createElement(strong ? 'b' : 'div'); part.textContent = text; box.append(part); };
          row(`Bids ×${point.multiple}${point.name ? `, ${point.name}` : ''}`, true);
          row(`ACoS ${point.acos.toFixed(1)}%`);
          row(`Spend ${money.format(point.cost)}, sales ${money.format(point.sales)}`);
          row(`Profit ${money.format(point.profit)}`);
          return box;
        },
      },
      xAxis: { type: 'value', scale: true, name: 'ACoS', nameLocation: 'middle', nameGap: 26, nameTextStyle: label, ...bare, axisLabel: { ...label, hideOverlap: true, formatter: value => `${Math.round(value)}%` }, splitLine: { show: false } },
      yAxis: [{ ...axis('Profit', 'left', profit), splitLine: { lineStyle: { color: edge } } }, { ...axis('Sales by ads', 'right', sales), splitLine: { show: false } }],
      series: [
        line('Sales by ads', 1, sales, point => point.sales),
        {
          ...line('Profit', 0, profit, point => point.profit),
          markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: mark, width: 1, type: 'solid' }, label: { color: soft, fontFamily, fontSize: 11 }, data: marks },
        },
      ],
    };
  });
  return { update(next) { current = next; drawn.redraw(); }, dispose: drawn.dispose };
}
