/// A tensor to be stored: its name, element type, shape and elements, row-major and little-endian as in memory.
package struct NamedTensor {
  /// Where the elements are.
  package enum Elements {
    /// Memory of the caller, which must stay unchanged until the file is written.
    case memory(UnsafeRawBufferPointer)
    case floats([Float])
    case integers([Int64])
    case bytes([UInt8])
  }

  package let name: String
  package let type: TensorType
  package let shape: [Int]
  package let elements: Elements

  /// A tensor in memory of the caller, which must hold exactly the shape's elements.
  package init(_ name: String, _ type: TensorType, shape: [Int], memory: UnsafeRawBufferPointer) {
    self.init(name, type, shape, .memory(memory))
  }

  /// A tensor of floats (F32).
  package init(_ name: String, shape: [Int], _ floats: [Float]) {
    self.init(name, .float32, shape, .floats(floats))
  }

  /// A tensor of 64-bit integers (I64).
  package init(_ name: String, shape: [Int], _ integers: [Int64]) {
    self.init(name, .int64, shape, .integers(integers))
  }

  /// A tensor of bytes (U8).
  package init(_ name: String, shape: [Int], _ bytes: [UInt8]) {
    self.init(name, .uint8, shape, .bytes(bytes))
  }

  private init(_ name: String, _ type: TensorType, _ shape: [Int], _ elements: Elements) {
    self.name = name
    self.type = type
    self.shape = shape
    self.elements = elements
    let expected = shape.reduce(type.size, *)
    let found = withBytes { $0.count }
    precondition(found == expected, "tensor '\(name)' of shape \(shape) has \(found) bytes instead of \(expected)")
    precondition(SafetensorsHeader.isAllowed(name: name), "'\(name)' is no name of a tensor")
  }

  /// Calls `body` with the elements' bytes.
  package func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    switch elements {
    case .memory(let memory): body(memory)
    case .floats(let floats): floats.withUnsafeBytes(body)
    case .integers(let integers): integers.withUnsafeBytes(body)
    case .bytes(let bytes): bytes.withUnsafeBytes(body)
    }
  }
}
