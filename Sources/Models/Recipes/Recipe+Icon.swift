import Spec

extension Recipe {
  /// The progressive GAN of the face icons.
  static let icon = Recipe(
    "icon", "Convolution, pixel norm and leaky ReLU twice at each resolution, with the input scaled",
    generator: """
      latent_form: grid
      latent_norm: false
      output: sigmoid
      layers:
        convolution: {border: reflect, equalized_rate: input}
        pixel_norm: {form: epsilon_outside, epsilon: 1e-7}
      start: [convolution, pixel_norm, leaky_relu, convolution, pixel_norm, leaky_relu]
      block: [upsample, convolution, pixel_norm, leaky_relu, convolution, pixel_norm, leaky_relu]
      to_rgb: [{convolution: {kernel: 1}}]
      """,
    discriminator: """
      layers:
        convolution: {border: reflect, equalized_rate: input}
        pixel_norm: {form: epsilon_outside, epsilon: 1e-7}
      from_rgb: [{convolution: {kernel: 1}}]
      block: [convolution, pixel_norm, leaky_relu, convolution, pixel_norm, leaky_relu, downsample]
      end:
        - minibatch_deviation
        - convolution
        - pixel_norm
        - leaky_relu
        - {convolution: {kernel: 4, padding: 0}}
        - pixel_norm
        - leaky_relu
      head: [{convolution: {kernel: 1}}]
      """)
}
