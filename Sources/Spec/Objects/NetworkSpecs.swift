/// The position of pixel normalization (Karras et al. 2018, section 4.2, after the activation; the icon GAN before it).
package enum PixelNormPlace: String, CaseIterable, Sendable {
  case beforeActivation = "before_activation"
  case afterActivation = "after_activation"
  case none
}

/// `x / (sqrt(mean(x^2)) + epsilon)` or `x / sqrt(mean(x^2) + epsilon)`, the mean over channels.
package enum PixelNormForm: String, CaseIterable, Sendable {
  case epsilonOutside = "epsilon_outside"
  case epsilonInside = "epsilon_inside"
}

/// `pixel_norm` of either network.
package struct PixelNormSpec: Equatable, Sendable {
  package var place: PixelNormPlace
  package var form = PixelNormForm.epsilonOutside
  package var epsilon = 1e-7
}

/// What a convolution sees beyond the border.
package enum PaddingMode: String, CaseIterable, Sendable { case reflect, zeros }

/// How the learning rate of a layer is equalized: `input` scales the input by sqrt(2 / channels) and draws weights with
/// Kaiming's deviation; `weight` stores N(0, 1) weights and multiplies them by gain / sqrt(fan in); `none` does neither.
package enum EqualizedRate: String, CaseIterable, Sendable { case input, weight, none }

/// The function after the last alpha blend; it also fixes the range of real images: [0, 1] for sigmoid, else [-1, 1].
package enum OutputRange: String, CaseIterable, Sendable { case sigmoid, tanh, linear }

/// What enters the generator: a normal `[latent, 4, 4]` grid, or a vector of length `latent` and a dense layer.
package enum LatentForm: String, CaseIterable, Sendable { case grid, vector }

/// `generator`.
package struct GeneratorSpec: Equatable, Sendable {
  package var latent: Int
  package var latentForm = LatentForm.grid
  /// Divides each latent by its root mean square.
  package var latentNorm = false
  /// Channels of each block, 4x4 first.
  package var widths: [Int]
  package var pixelNorm = PixelNormSpec(place: .beforeActivation)
  package var equalizedRate = EqualizedRate.input
  package var padding = PaddingMode.reflect
  /// Slope of the leaky ReLU below zero.
  package var leak = 0.2
  package var output = OutputRange.sigmoid
  /// Decay of the moving average that samples are drawn from.
  package var average = 0.995
}

/// How the minibatch deviation is estimated: `unbiased` divides by n - 1 and adds nothing under the root,
/// `population` divides by n and adds 1e-8.
package enum DeviationEstimator: String, CaseIterable, Sendable { case unbiased, population }

/// `discriminator`.
package struct DiscriminatorSpec: Equatable, Sendable {
  /// Channels after the last convolution, at 1x1.
  package var top: Int
  /// Channels that enter each block, 4x4 first.
  package var widths: [Int]
  package var minibatchDeviation = true
  /// Images a group; 0 takes the whole batch as one group.
  package var minibatchGroup = 0
  package var minibatchEstimator = DeviationEstimator.unbiased
  package var pixelNorm = PixelNormSpec(place: .beforeActivation)
  package var equalizedRate = EqualizedRate.input
  package var padding = PaddingMode.reflect
  package var leak = 0.2
  /// Whether an activation follows the layer that reads RGB.
  package var fromRGBActivation = false
}
