// Says that a file is too large before it travels.
for (const form of document.querySelectorAll('form[data-largest]')) {
  const input = form.querySelector('input[type=file]'), says = form.querySelector('[role=alert]');
  const fits = () => {
    const size = input.files[0]?.size ?? 0, largest = Number(form.dataset.largest);
    says.textContent = size > largest ? `This file has ${(size / 1048576).toFixed(1)} MiB; at most 10 MiB are taken. Leave out columns that are not needed, or split it.` : '';
    return size <= largest;
  };
  input.addEventListener('change', fits);
  form.addEventListener('submit', event => { if (!fits()) event.preventDefault(); });
}
