import Basics
import Charts
import Comparison
import Images
import Runs

/// What the runs drew of the same latents at the end of each phase: a row for each setting, a column for each resolution.
struct SamplesSection {
  /// Images of a cell.
  private static let (across, down) = (4, 2)
  /// With more rows than this, images are shown half as large.
  private static let mostLargeRows = 6
  private static let (largeSide, smallSide) = (64, 32)

  /// Bytes of all images of a page.
  private static let mostBytes = 8 << 20

  private let content: ReportContent
  private var shownBytes = 0
  private let phases: [[RunPhase]]
  /// What looks like a sample and is not shown, and why.
  private(set) var skipped: [RunCatalog.Skipped] = []
  private(set) var html = HTML()

  /// The samples of the drawn groups, whose first runs have these phases.
  init(_ content: ReportContent, _ phases: [[RunPhase]], _ files: any FileSystem) {
    self.content = content
    self.phases = phases
    html = page(files)
  }

  private mutating func page(_ files: any FileSystem) -> HTML {
    var rows: [(ReportGroup, [Cell])] = []
    for (group, phases) in zip(content.drawn, phases) { rows.append((group, cells(group.first, phases, files))) }
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
    let (width, height): (Int, Int)
    let png: [UInt8]
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
                png: cell.png, width: cell.width, height: cell.height,
                alt: "Images of \(group.name) after iteration \(cell.iteration), \(key.resolution)×\(key.resolution)")
              tag("small") { "iteration \(NumberText.count(cell.iteration))" }
            } else {
              "–"
            }
          }
        })
    }
  }

  /// The last sample of each phase, as far as it can be read.
  private mutating func cells(_ run: ComparedRun, _ phases: [RunPhase], _ files: any FileSystem) -> [Cell] {
    let settings = run.settings
    guard let count = settings["record.samples.count"].flatMap({ Int($0) }),
      let largest = settings["data.resolution"].flatMap({ Int($0) })
    else { return [] }
    do {
      let files = try files.confined(to: run.directory.path)
      guard try files.status(of: run.directory.samples) != nil else { return [] }
      let names = try files.list(run.directory.samples)
      let iterations = names.compactMap { $0.hasSuffix(".png") ? Int($0.dropLast(4)) : nil }.sorted()
      var (turns, start): ([Int: Int], Int) = ([:], 0)
      var cells: [Cell] = []
      for phase in phases {
        let turn = turns[phase.resolution, default: 0]
        turns[phase.resolution] = turn + 1
        defer { start = phase.lastIteration }
        guard let iteration = iterations.last(where: { $0 > start && $0 <= phase.lastIteration }),
          let sample = sheet(run, iteration, phase.resolution, largest: largest, count: count, files)
        else { continue }
        let longest = content.drawn.count > Self.mostLargeRows ? Self.smallSide : Self.largeSide
        let strip = sample.strip(across: Self.across, down: Self.down, longest: longest)
        let png = PNG.encode(strip)
        guard shownBytes + png.count <= Self.mostBytes else {
          let reason = "the samples of a page have \(Self.mostBytes >> 20) MiB at most"
          skipped.append(RunCatalog.Skipped(path: run.directory.sample(iteration), reason: reason))
          continue
        }
        shownBytes += png.count
        let key = Key(resolution: phase.resolution, turn: turn)
        cells.append(Cell(key: key, iteration: iteration, width: strip.width, height: strip.height, png: png))
      }
      return cells
    } catch {
      skipped.append(RunCatalog.Skipped(path: run.directory.samples, reason: "\(error)"))
      return []
    }
  }

  /// The sheet that `run` drew after `iteration`; nil when it cannot be one, or cannot be read.
  private mutating func sheet(
    _ run: ComparedRun, _ iteration: Int, _ resolution: Int, largest: Int, count: Int, _ files: any FileSystem
  ) -> SampleSheet? {
    let path = run.directory.sample(iteration)
    do {
      let image = try ImageFormatCatalog.decode(try files.contents(of: path, limit: ImageLimits.fileBytes))
      if let sheet = SampleSheet(image, resolution: resolution, largest: largest, count: count) { return sheet }
      skipped.append(RunCatalog.Skipped(path: path, reason: "it is no sheet of \(count) images of \(resolution)x\(resolution)"))
    } catch {
      skipped.append(RunCatalog.Skipped(path: path, reason: "\(error)"))
    }
    return nil
  }
}
