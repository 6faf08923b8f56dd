/// `data`: where the images are and how they become network input.
package struct DataSpec: Equatable, Sendable {
  /// How an image that is not square becomes square.
  package enum Fit: String, CaseIterable, Sendable { case squash, crop, pad }

  /// The folder as the user wrote it, relative to the spec file.
  package var folder: String
  /// The folder's absolute path.
  package var path: String
  /// Side in pixels that every image is resized to; lower phases average this image down.
  package var resolution: Int
  package var fit = Fit.squash
  /// Names or glob patterns of files that are left out.
  package var exclude: [String] = []
  /// What is done about copies and look-alikes; nil: they stay.
  package var nearDuplicates: NearDuplicatesSpec?
  /// Images with a shorter side, in pixels, are left out.
  package var minimumSide = 1
  /// How many images are used at most; nil: all.
  package var limit: Int?
  /// Chooses which; nil: as 0.
  package var limitSeed: UInt64?
  /// Random changes to real images, drawn again each time an image is shown, in the order in which they are applied.
  package var augment: [Choice] = []
}

/// `data.near_duplicates`: how many of a group of look-alikes stay.
package struct NearDuplicatesSpec: Equatable, Sendable {
  /// Images are look-alikes if at most this many thousandths of their cells differ.
  package var distance = 8.0
  package var keep = 4

  package init() {}
}
