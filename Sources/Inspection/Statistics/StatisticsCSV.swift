import Basics

/// `statistics.csv`: a row for each channel of each set of images.
package struct StatisticsCSV: Sendable {
  /// The number of images, their side, the channel, then the figures over all its pixels.
  package static let columns = ["images", "resolution", "channel"] + PixelStatistics.Kind.allCases.map(\.rawValue)

  private var sets: [PixelStatistics] = []

  /// A table without rows.
  package init() {}

  /// Whether anything was appended.
  package var hasRows: Bool { !sets.isEmpty }

  /// Appends the rows of `statistics`.
  package mutating func append(_ statistics: PixelStatistics) { sets.append(statistics) }

  /// The file's content.
  package var text: String {
    CSV.header(Self.columns)
      + sets.flatMap { set in
        set.channels.map { channel in
          CSV.line(
            [.integer(set.count), .integer(set.side), .text(channel.name)]
              + PixelStatistics.Kind.allCases.map { .double(channel[$0]) })
        }
      }.joined()
  }

  /// The same for a terminal, with one digit after the point.
  package var table: Table {
    var table = Table(Self.columns.map { Table.Column($0.uppercased(), $0 == "channel" ? .left : .right) })
    for set in sets {
      for channel in set.channels {
        let figures = PixelStatistics.Kind.allCases.map { kind -> String in
          let tenths = Int((channel[kind] * 10).rounded())
          return "\(tenths / 10).\(tenths % 10)"
        }
        table.append(["\(set.count)", "\(set.side)", channel.name] + figures)
      }
    }
    return table
  }
}
