extension ConvolutionTaps {
  /// One axis of a convolution.
  struct Axis {
    let length: Int
    let taps: Int
    let shape: ConvolutionShape

    init(_ shape: ConvolutionShape, along length: KeyPath<ConvolutionShape, Int>) {
      self.length = shape[keyPath: length]
      taps = length == \ConvolutionShape.height ? shape.filterHeight : shape.filterWidth
      self.shape = shape
    }

    var padded: Int { length * shape.upsampling + 2 * shape.padding }
    var outputs: Int { padded - taps + 1 }

    /// The image's index behind an index of the padded, upsampled axis; nil where that is a zero.
    func source(_ index: Int) -> Int? {
      let last = length * shape.upsampling - 1
      var at = index - shape.padding
      if shape.border == .zeros, at < 0 || at > last { return nil }
      if at < 0 { at = -at }
      if at > last { at = 2 * last - at }
      return at / shape.upsampling
    }

    func imageReads() -> [[[Int]]] {
      (0..<taps).map { tap in (0..<outputs).map { at in source(at + tap).map { [$0] } ?? [] } }
    }

    func outputReads() -> [[[Int]]] {
      (0..<taps).map { tap in
        var lists = [[Int]](repeating: [], count: length)
        for at in 0..<outputs { if let index = source(at + tap) { lists[index].append(at) } }
        return lists
      }
    }
  }
}
