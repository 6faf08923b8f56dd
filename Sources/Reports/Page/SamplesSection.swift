import Basics
import Comparison
import Runs

/// What the runs drew of the same latents at the end of each phase: a row for each setting, a column for each resolution.
struct SamplesSection {
  /// Images of a cell.
  private static let (across, down) = (4, 2)
  /// With more rows than this, images are shown half as large.
  private static let mostLargeRows = 6
  private static let (largeSide, smallSide) = (64, 32)

  private let content: ReportContent
  private let phases: [[RunPhase]]
  private let files: any FileSystem

  /// The samples of the drawn groups, whose first runs have these phases.
  init(_ content: ReportContent, _ phases: [[RunPhase]], _ files: any FileSystem) {
    (self.content, self.phases, self.files) = (content, phases, files)
  }

  var html: HTML {
    let rows = zip(content.drawn, phases).map { ($0, cells($0.first, $1)) }
    let keys = rows.flatMap { $0.1.map(\.key) }.distinct.sorted()
    guard !keys.isEmpty else { return HTML() }
    return tag("section", ["id": "samples"]) {
      tag("h2") { "Samples" }
      tag("p") {
        "Images of the same fixed latents by the averaged generator, at the last sample of each phase, from the first run of each setting. "
          + "Runs of one seed share their latents."
      }
      HTML.scrolling("Samples") {
        tag("table", ["class": "samples"]) {
          tag("thead") {
            tag("tr") {
              tag("th", ["scope": "col"]) { "Run" }
              HTML(keys.map { key in tag("th", ["scope": "col"]) { "\(key.resolution)×\(key.resolution)" } })
            }
          }
          tag("tbody") { HTML(rows.map { row($0, $1, keys) }) }
        }
      }
    }
  }

  /// A place in the table: resolutions from small to large; of two phases of one resolution, the earlier one first.
  private struct Key: Hashable, Comparable {
    let resolution: Int
    let turn: Int

    static func < (left: Key, right: Key) -> Bool { (left.resolution, left.turn) < (right.resolution, right.turn) }
  }

  private struct Cell {
    let key: Key
    let iteration: Int
    let image: RGBImage
  }

  private func row(_ group: ReportGroup, _ cells: [Cell], _ keys: [Key]) -> HTML {
    tag("tr") {
      tag("th", ["scope": "row"]) {
        group.style?.swatch ?? HTML()
        tag("span") { group.name }
        if group.name != group.first.name { tag("small") { HTML.name(group.first.name) } }
      }
      HTML(
        keys.map { key in
          tag("td") {
            if let cell = cells.first(where: { $0.key == key }) {
              HTML.image(
                png: PNG.encode(cell.image), width: cell.image.width, height: cell.image.height,
                alt: "Images of \(group.first.name) after iteration \(cell.iteration), \(key.resolution)×\(key.resolution)")
              tag("small") { "iteration \(NumberText.count(cell.iteration))" }
            } else {
              "–"
            }
          }
        })
    }
  }

  /// The last sample of each phase, as far as it can be read.
  private func cells(_ run: ComparedRun, _ phases: [RunPhase]) -> [Cell] {
    let settings = run.settings
    guard let count = settings["record.samples.count"].flatMap({ Int($0) }),
      let largest = settings["data.resolution"].flatMap({ Int($0) }),
      let names = try? files.list(run.directory.samples)
    else { return [] }
    let iterations = names.compactMap { $0.hasSuffix(".png") ? Int($0.dropLast(4)) : nil }.sorted()
    var (turns, start): ([Int: Int], Int) = ([:], 0)
    return phases.compactMap { phase in
      let turn = turns[phase.resolution, default: 0]
      turns[phase.resolution] = turn + 1
      defer { start = phase.lastIteration }
      guard let iteration = iterations.last(where: { $0 > start && $0 <= phase.lastIteration }),
        let sheet = try? PNG.read(run.directory.sample(iteration)),
        let sample = SampleSheet(sheet, resolution: phase.resolution, largest: largest, count: count)
      else { return nil }
      let longest = content.drawn.count > Self.mostLargeRows ? Self.smallSide : Self.largeSide
      let strip = sample.strip(across: Self.across, down: Self.down, longest: longest)
      return Cell(key: Key(resolution: phase.resolution, turn: turn), iteration: iteration, image: strip)
    }
  }
}
