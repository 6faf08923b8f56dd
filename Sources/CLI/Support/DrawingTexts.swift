import Basics
import Images
import Runs
import Training

/// What a drawn file says of itself: where it comes from, and how it can be drawn again.
struct DrawingTexts {
  enum What {
    /// The image of a number.
    case image(Int)
    /// The images of the first so many numbers.
    case grid(Int)
    /// An animation of so many frames.
    case interpolation(Int)
  }

  private let common: [PNGText]

  /// The texts of what `model` of the run in `directory` draws with `seed`.
  init(_ directory: RunDirectory, _ model: TrainedGenerator, seed: UInt64, _ files: any FileSystem) {
    let run = (try? Manifest(directory, files))?.id ?? directory.path
    let facts =
      [("run", run), ("iteration", "\(model.iteration)"), ("seed", "\(seed)")]
      + (model.truncation.map { [("truncation", "\($0)")] } ?? [])
    common =
      OutputMark.pictureTexts("generate", version: Fadein.version) + facts.map { PNGText("fadein:\($0.0)", $0.1) }
  }

  /// The texts of one file.
  func texts(_ what: What) -> [PNGText] {
    switch what {
    case .image(let number): common + [PNGText("fadein:number", "\(number)")]
    case .grid(let count): common + [PNGText("fadein:numbers", "0-\(count - 1)")]
    case .interpolation(let frames): common + [PNGText("fadein:frames", "\(frames)")]
    }
  }
}
