import Basics
import Foundation
import Images
import Kernels
import Models
import Runs
import Spec

/// A run's averaged generator, ready to draw.
package struct TrainedGenerator {
  let sampler: Sampler
  /// Where in the schedule it was trained to.
  let moment: Schedule.Moment
  /// The file that it was read from.
  package let source: String
  /// Whether that is the generator that the finished run left, and not a checkpoint.
  package let isFinal: Bool
  /// The absolute paths of the folders of the run's training images: where its spec says, and where they were moved together with it.
  package let images: [String]
  /// What is kept of styles' distance to their mean; nil for all.
  package let truncation: Double?
  /// Iterations of the whole schedule.
  package let iterations: Int
  private let finalResolution: Int
  /// What the checkpoint says beside its tensors, if they are from one.
  private let text: CheckpointText?
  private let store: CheckpointStore

  /// Loads the generator of `run`: that of a checkpoint, else the final one, else that of the newest checkpoint. Throws
  /// ``NotEnoughMemory`` before that where it could not draw.
  ///
  /// - Parameters:
  ///   - truncation: what is kept of styles' distance to their mean; nil for all.
  ///   - work: what is to be done with images of a side.
  package init(
    _ run: RunDirectory, checkpoint iteration: Int? = nil, truncation: Double? = nil, lanes: Lanes, _ files: any FileSystem,
    for work: (_ memory: TrainingMemory, _ side: Int) -> MemoryNeed = { _, _ in MemoryNeed() }
  ) throws {
    let files = try files.confined(to: run.path)
    let spec = try RunSpec.read(run, files)
    if truncation != nil, spec.generator.mapping.isEmpty {
      throw Diagnostics(
        "--truncation needs styles, and the generator of '\(run.path)' has no mapping that makes them", exitCode: .usage)
    }
    let schedule = Schedule(spec)
    let store = CheckpointStore(run.checkpoints, keep: 1, in: files)
    let file: SafetensorsFile
    var checkpoint: StoredCheckpoint?
    var isFinal = false
    var iterationDrawn = schedule.iterations
    if let iteration {
      guard try store.iterations().contains(iteration) else {
        let known = try store.iterations()
        throw Diagnostics(
          "'\(run.path)' has no checkpoint of iteration \(iteration)",
          note: known.isEmpty ? "it has no checkpoint" : "it has: \(known.map(String.init).joined(separator: ", "))",
          suggestion: CheckpointStore.closest(to: iteration, among: known), exitCode: .inputNotFound)
      }
      checkpoint = try store.open(iteration)
      file = checkpoint!.file
      iterationDrawn = iteration
    } else if try files.status(of: run.generator) != nil {
      file = try SafetensorsFile(run.generator, in: files)
      isFinal = true
    } else if let newest = try store.newest({ _ in }) {
      checkpoint = newest
      file = newest.file
      iterationDrawn = newest.iteration
    } else {
      throw Diagnostics("'\(run.path)' has neither a finished generator nor a checkpoint", exitCode: .inputNotFound)
    }
    guard let moment = schedule.moment(max(1, iterationDrawn)) else {
      throw Diagnostics(
        "cannot use '\(file.path)': its iteration \(iterationDrawn) is not among the \(schedule.iterations) of the spec",
        exitCode: .badData)
    }
    let moved = try (try? RecordedRun(run, files))?.movedImages()
    let memory = TrainingMemory(spec, threads: lanes.count)
    let drawing = try memory.drawing(level: moment.phase.level, fading: moment.isFading)
    try (MemoryNeed.program + memory.generator + drawing + work(memory, moment.phase.resolution))
      .require(for: "drawing with '\(run.path)'")
    func unusable(_ reason: String) -> Diagnostics { Diagnostics("cannot use '\(file.path)': \(reason)", exitCode: .badData) }
    if isFinal, let resolution = file.metadata["resolution"], resolution != "\(moment.phase.resolution)" {
      throw unusable("it draws images of side '\(resolution.shortened)', and the run's have \(moment.phase.resolution)")
    }
    var weights: [String: FloatBuffer] = [:]
    for variable in Networks(spec).variables(of: .generator) {
      let buffer = FloatBuffer(count: variable.shape.count)
      let kept = variable.role == .weight ? variable.beside(.average) : variable
      try file.read(
        isFinal ? variable.name : kept.key, .float32, shape: variable.shape.dims,
        into: UnsafeMutableRawBufferPointer(start: buffer.base, count: 4 * buffer.count))
      guard (0..<buffer.count).allSatisfy({ buffer.base[$0].isFinite }) else {
        throw unusable("its tensor '\(isFinal ? variable.name : kept.key)' has a value that is no number")
      }
      weights[variable.key] = buffer
    }
    sampler = try Sampler(
      spec, level: moment.phase.level, fading: moment.isFading, weights: weights, lanes: lanes, truncation: truncation)
    self.truncation = truncation
    self.moment = moment
    text = try checkpoint.map { try CheckpointText($0) }
    self.store = store
    self.isFinal = isFinal
    (source, images, iterations) = (file.path, [spec.data.path] + [moved].compactMap { $0 }, schedule.iterations)
    finalResolution = spec.data.resolution
  }

  /// The iteration after which it was left.
  package var iteration: Int { moment.iteration }

  /// Real images that the training had shown by then. The generator of a finished run says nothing of it; the checkpoint of the
  /// same iteration does, while it is there.
  var imagesShown: Int {
    let text = text ?? (try? store.open(moment.iteration)).flatMap { try? CheckpointText($0) }
    return text?.training.images?.total ?? moment.images
  }

  /// The side that sheets enlarge images to.
  package var displaySide: Int { max(finalResolution, sampler.resolution) }

  /// Images by number: which others are drawn makes no difference.
  package func images(_ numbers: Range<Int>, seed: UInt64) -> [RGBImage] {
    let blocks = UInt64((sampler.latentCount + 3) / 4)
    var stream = RandomStream(seed: seed, name: "generate", position: UInt64(numbers.lowerBound) * blocks)
    return sampler.images(
      numbers.flatMap { _ in stream.normals(sampler.latentCount) }, alpha: moment.alpha, from: numbers.lowerBound)
  }

  /// Latents between waypoints of an interpolation, at most.
  private static let framesPerWaypoint = 24

  /// A closed walk through the latents, `frames` images: great-circle arcs between random waypoints (Shoemake 1985), since
  /// normal latents lie near a sphere and the straight line between two leaves it.
  package func interpolation(frames: Int, seed: UInt64) -> [RGBImage] {
    var stream = RandomStream(seed: seed, name: "generate")
    let waypoints = (0..<max(2, frames / Self.framesPerWaypoint)).map { _ in stream.normals(sampler.latentCount) }
    let latents = (0..<frames).flatMap { frame -> [Float] in
      let place = Double(frame) / Double(frames) * Double(waypoints.count)
      return Self.arc(waypoints[Int(place)], waypoints[(Int(place) + 1) % waypoints.count], at: place - place.rounded(.down))
    }
    return sampler.images(latents, alpha: moment.alpha, isSteady: true)
  }

  /// Spherical linear interpolation: `sin((1-t) w) / sin(w) a + sin(t w) / sin(w) b`, w the angle between a and b.
  private static func arc(_ a: [Float], _ b: [Float], at t: Double) -> [Float] {
    func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let angle = acos(min(max(dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot(), -1), 1))
    guard sin(angle) > 1e-6 else { return t < 0.5 ? a : b }
    let (left, right) = (Float(sin((1 - t) * angle) / sin(angle)), Float(sin(t * angle) / sin(angle)))
    return zip(a, b).map { left * $0 + right * $1 }
  }
}
