import Comparison
import Images
import Inspection
import Reports
import Runs

/// How each command recognizes its files.
extension OutputMark {
  static let drawings = picture("generate")
  static let comparison = table("compare") { ComparisonCSV.isHeader($0) }
  static let bill = table("sweep --dry-run") { SweepBillText.isHeader($0) }
  static let page = text("report", beginning: Report.beginning)
  static let trace = tensors("trace")
  static let graph = text("plan --graph", beginning: PlanCommand.beginning)
  static let inspection = table("dataset inspect") { $0 == InspectionCSV.columns }
  static let inspectionSheet = picture("dataset inspect")
  static let statistics = table("dataset statistics") { $0 == StatisticsCSV.columns }
  static let statisticsPicture = picture("dataset statistics")
  static let preview = picture("dataset preview")
  static let upgradedSpec = text("upgrade", beginning: "")

  /// The bytes of a picture of `command`, with the texts by which it is known again and `more`.
  static func png(_ image: RGBImage, of command: String, _ more: [PNGText] = []) -> [UInt8] {
    PNG.adding(pictureTexts(command, version: Fadein.version) + more, to: PNG.encode(image))
  }
}
