/// All that continuing a run takes: tensors by name, and state as text.
package struct Checkpoint {
  /// The last finished iteration.
  package let iteration: Int
  package let tensors: [NamedTensor]
  /// Random streams, cursors, counts and CSV lengths, each as a JSON text by key.
  package let state: [String: String]

  /// The state after `iteration`.
  package init(iteration: Int, tensors: [NamedTensor], state: [String: String]) {
    self.iteration = iteration
    self.tensors = tensors
    self.state = state
  }
}

/// A checkpoint that was read back and found whole.
package struct StoredCheckpoint: Sendable {
  package let iteration: Int
  /// Its tensors, and its state as metadata.
  package let file: SafetensorsFile

  /// The state stored under `key`, or nil.
  package subscript(state key: String) -> String? { file.metadata[key] }
}
