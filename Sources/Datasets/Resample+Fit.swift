import Images
import Spec

extension Resample {
  /// `image` as a square of side `side`.
  package static func square(_ image: RGBImage, side: Int, fit: DataSpec.Fit) -> RGBImage {
    switch fit {
    case .squash: return resize(image, width: side, height: side)
    case .crop:
      let size = min(image.width, image.height)
      let part = image.cropped(x: (image.width - size) / 2, y: (image.height - size) / 2, width: size, height: size)
      return resize(part, width: side, height: side)
    case .pad:
      let size = max(image.width, image.height)
      if image.width == image.height { return resize(image, width: side, height: side) }
      var canvas = RGBImage(width: size, height: size, gray: 255)
      canvas.draw(image, x: (size - image.width) / 2, y: (size - image.height) / 2)
      return resize(canvas, width: side, height: side)
    }
  }
}
