/// Why a file is not one that this reader takes.
package struct SafetensorsError: Error, Equatable, Sendable {
  /// What is wrong with it.
  package enum Problem: Error, Equatable, Sendable {
    case tooShort(bytes: Int)
    case headerTooLarge(bytes: UInt64)
    case headerBeyondEnd(bytes: UInt64, file: Int)
    case json(String, offset: Int)
    case name(String)
    case unknownType(String, tensor: String)
    case overflow(tensor: String)
    case wrongSize(tensor: String, found: Int, expected: Int)
    case gap(tensor: String, begin: Int, expected: Int)
    case wrongEnd(found: Int, expected: Int)
    case missing(tensor: String)
    case wrongKind(tensor: String, found: String, expected: String)
    case digest
  }

  package let path: String
  package let problem: Problem

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }
}

extension SafetensorsError {
  /// One sentence that names the file.
  package var description: String { "cannot use '\(path)': \(problem)" }
}

extension SafetensorsError.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooShort(let bytes): "\(bytes) bytes are too few for a safetensors file"
    case .headerTooLarge(let bytes): "its header claims \(bytes) bytes"
    case .headerBeyondEnd(let bytes, let file): "its header claims \(bytes) of only \(file) bytes"
    case .json(let what, let offset): "its header has \(what) at byte \(offset)"
    case .name(let name): "'\(name.debugDescription.dropFirst().dropLast())' is not allowed as a tensor's name"
    case .unknownType(let type, let tensor): "tensor '\(tensor)' has the unknown type '\(type)'"
    case .overflow(let tensor): "the shape of tensor '\(tensor)' is too large"
    case .wrongSize(let tensor, let found, let expected): "tensor '\(tensor)' has \(found) bytes, its shape needs \(expected)"
    case .gap(let tensor, let begin, let expected): "tensor '\(tensor)' begins at byte \(begin) of the data instead of \(expected)"
    case .wrongEnd(let found, let expected): "it has \(found) bytes instead of \(expected)"
    case .missing(let tensor): "it has no tensor '\(tensor)'"
    case .wrongKind(let tensor, let found, let expected): "tensor '\(tensor)' is \(found) instead of \(expected)"
    case .digest: "its content does not match its SHA-256"
    }
  }
}
