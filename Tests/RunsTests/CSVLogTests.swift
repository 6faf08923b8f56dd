import Basics
import Foundation
import Images
import Runs
import Testing
import TestSupport

@Suite struct CSVLogTests {
  let files = LocalFileSystem()

  private func text(_ path: String) throws -> String {
    String(decoding: try files.contents(of: path, limit: 1 << 20), as: UTF8.self)
  }

  @Test
  func `the headers are these`() {
    #expect(CSV.header(Column.timing.map(\.name)) == "iteration,seconds,iteration_ms,images_per_second,resident_mb\n")
    #expect(CSV.header(Column.phases.map(\.name)) == "phase,resolution,fade,hold,first_iteration,last_iteration,images,seconds\n")
    #expect(CSV.header(EventRow.columns) == "time,iteration,event,detail\n")
    #expect(CSV.header(DatasetRow.columns) == "path,sha256,bytes,width,height,used,reason\n")
  }

  @Test
  func `rows look like this`() throws {
    let folder = try TemporaryFolder()
    let numbers = ["rate.generator", "rate.discriminator", "loss.generator", "a", "b", "c", "d", "e"].map { Column($0) }
    let columns = Column.first + [.alpha] + numbers
    let metrics = try ColumnLog(folder("metrics.csv"), columns, keep: .bytes(0), in: files)
    var row = MeasuredRow(iteration: 10, images: 80, phase: 1, resolution: 4)
    (row[.alpha], row[numbers[0]], row[numbers[1]], row[numbers[2]]) = (1, 5e-4, 1e-5, 0.1)
    (row[numbers[4]], row[numbers[7]]) = (.nan, -.infinity)
    try metrics.append(row.cells)
    #expect(try text(metrics.log.path).hasSuffix("\n10,80,1,4,1.0,0.0005,1e-05,0.1,,nan,,,-inf\n"))

    let timing = try ColumnLog(folder("timing.csv"), Column.timing, keep: .bytes(0), in: files)
    try timing.append([
      .iteration: .integer(3), .seconds: .double(0.5), .milliseconds: .double(12.25), .imagesPerSecond: .double(640),
      .residentMegabytes: .double(100.5),
    ])
    #expect(try text(timing.log.path).hasSuffix("\n3,0.5,12.25,640.0,100.5\n"))
    let phases = try ColumnLog(folder("phases.csv"), Column.phases, keep: .bytes(0), in: files)
    try phases.append([
      .phase: .integer(2), .resolution: .integer(8), .fade: .integer(5), .hold: .integer(6), .firstIteration: .integer(8),
      .lastIteration: .integer(18), .images: .integer(88), .seconds: .optional(Double?.none),
    ])
    #expect(try text(phases.log.path).hasSuffix("\n2,8,5,6,8,18,88,\n"))
    let event = EventRow(.rateDrop, iteration: 5, detail: "to 1e-4,\r\nat 256", time: Timestamp(milliseconds: 0))
    #expect(CSV.line(event.cells) == "1970-01-01T00:00:00.000Z,5,rate_drop,\"to 1e-4, at 256\"\n")
    let image = DatasetRow(path: "-a.png", sha256: nil, bytes: 9, width: nil, height: 3, isUsed: false, reason: "no PNG")
    #expect(CSV.line(image.cells) == "'-a.png,,9,,3,no,no PNG\n")
  }

  @Test
  func `rows are written when enough are collected, and the length counts what is written`() throws {
    let folder = try TemporaryFolder()
    let log = try CSVLog(creating: folder("a.csv"), columns: ["x"], rowsPerFlush: 3, in: files)
    #expect(log.length == 2)
    try log.append([.integer(1)])
    try log.append([.integer(2)])
    #expect(try text(log.path) == "x\n")
    try log.append([.integer(3)])
    #expect(try text(log.path) == "x\n1\n2\n3\n")
    try log.append([.integer(4)])
    try log.synchronize()
    #expect(try text(log.path) == "x\n1\n2\n3\n4\n")
    #expect(log.length == 10)
  }

  @Test
  func `a file that is there is not created again`() throws {
    let folder = try TemporaryFolder()
    _ = try CSVLog(creating: folder("a.csv"), columns: ["x"], in: files)
    #expect(throws: FileError(.create, folder("a.csv"), errno: EEXIST)) {
      try CSVLog(creating: folder("a.csv"), columns: ["x"], in: files)
    }
  }

  @Test
  func `continuing at a checkpoint's length replays to the same bytes`() throws {
    let folder = try TemporaryFolder()
    let path = folder("a.csv")
    func run(_ log: CSVLog, _ rows: ClosedRange<Int>) throws {
      for row in rows { try log.append([.integer(row), .float(Float(row) / 3)]) }
    }
    let first = try CSVLog(creating: path, columns: ["x", "y"], in: files)
    try run(first, 1...10)
    let length = first.length
    try run(first, 11...20)
    let expected = try text(path)
    try AtomicFile.write(expected + "21,torn", to: path, in: files)
    let second = try CSVLog(continuing: path, columns: ["x", "y"], keep: .bytes(length), in: files)
    try run(second, 11...20)
    #expect(try text(path) == expected)
  }

  @Test
  func `keeping whole lines drops only a torn end`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("x\n1\n2", to: folder("a.csv"), in: files)
    let log = try CSVLog(continuing: folder("a.csv"), columns: ["x"], keep: .wholeLines, in: files)
    try log.append([.integer(3)])
    #expect(try text(log.path) == "x\n1\n3\n")
    let new = try CSVLog(continuing: folder("b.csv"), columns: ["x"], keep: .wholeLines, in: files)
    #expect(new.length == 2)
  }

  @Test(arguments: [3, 5, 99, 1])
  func `a file with another header, too short, or without a line end at the cut is left alone`(length: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder("a.csv")
    try AtomicFile.write("x\n12\n", to: path, in: files)
    let columns = length == 5 ? ["y"] : ["x"]
    #expect(throws: UnusableFile.self) {
      try CSVLog(continuing: path, columns: columns, keep: .bytes(length), in: files)
    }
    #expect(throws: UnusableFile.self) {
      try CSVLog(continuing: folder("none.csv"), columns: columns, keep: .bytes(length), in: files)
    }
    #expect(try text(path) == "x\n12\n")
  }

  @Test(arguments: [ENOSPC, EIO, EDQUOT])
  func `after a failed write the file has whole lines, and the rows come with the next one`(errno: Int32) throws {
    var failures = 0
    for call in 1...40 {
      let folder = try TemporaryFolder()
      let faulty = FaultyFileSystem(failing: call, forever: false, errno: errno)
      guard let log = try? CSVLog(creating: folder("a.csv"), columns: ["number"], in: faulty) else { continue }
      for row in 1...3 {
        do {
          try log.append([.integer(row * 1111)])
        } catch {
          failures += 1
          #expect(try text(log.path).hasSuffix("\n"), "call \(call)")
        }
      }
      // The last call may be the one that fails.
      if (try? log.flush()) == nil { try log.flush() }
      #expect(try text(log.path) == "number\n1111\n2222\n3333\n", "call \(call)")
      #expect(log.length == 22)
    }
    #expect(failures > 5)
  }

  @Test
  func `an interrupted write goes on`() throws {
    for call in 1...30 {
      let folder = try TemporaryFolder()
      let faulty = FaultyFileSystem(failing: call, forever: false, errno: EINTR)
      guard let log = try? CSVLog(creating: folder("a.csv"), columns: ["number"], in: faulty) else { continue }
      try log.append([.integer(123_456)])
      #expect(try text(log.path) == "number\n123456\n")
    }
  }
}
