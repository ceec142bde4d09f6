using System.Text.Json.Serialization;
using Autonoomi.Lab.Calibration;
using Autonoomi.Lab.Protocol.Commands;
using Autonoomi.Lab.Report;

namespace Autonoomi.Lab.Protocol;

/// <summary>Files that people read too.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(StudyReport))]
[JsonSerializable(typeof(TuneReport))]
[JsonSerializable(typeof(AblationReport))]
[JsonSerializable(typeof(AcosReport))]
[JsonSerializable(typeof(List<TunedValue>))]
[JsonSerializable(typeof(CalibrationReport))]
[JsonSerializable(typeof(HealthStudyReport))]
[JsonSerializable(typeof(PredictionReport))]
[JsonSerializable(typeof(LadderReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
