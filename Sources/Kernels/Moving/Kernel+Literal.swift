extension Kernel {
  /// Writes the same `values` each time.
  package static func literal(_ values: [Float]) -> Kernel {
    Kernel(family: "copy", units: 1) { _, memory in
      for (index, value) in values.enumerated() { memory.outputs[0][index] = value }
    }
  }
}
