import Spec

extension Recipe {
  /// Progressive GAN as its authors published it.
  static let original = Recipe(
    "original",
    "Progressive GAN as published: weights scaled, pixel norm after the activation of the generator alone (Karras et al. 2018)",
    generator: """
      latent_form: vector
      latent_norm: true
      output: linear
      layers:
        convolution: {border: zeros, equalized_rate: weight}
        pixel_norm: {form: epsilon_inside, epsilon: 1e-8}
      start:
        - {convolution: {kernel: 4, padding: 3, gain: 0.3535533905932738}}
        - leaky_relu
        - pixel_norm
        - convolution
        - leaky_relu
        - pixel_norm
      block: [upsample, convolution, leaky_relu, pixel_norm, convolution, leaky_relu, pixel_norm]
      to_rgb: [{convolution: {kernel: 1}}]
      """,
    discriminator: """
      layers:
        convolution: {border: zeros, equalized_rate: weight}
        minibatch_deviation: {group: 4, estimator: population}
      from_rgb: [{convolution: {kernel: 1}}, leaky_relu]
      block: [convolution, leaky_relu, convolution, leaky_relu, downsample]
      end: [minibatch_deviation, convolution, leaky_relu, {convolution: {kernel: 4, padding: 0}}, leaky_relu]
      head: [{convolution: {kernel: 1}}]
      """)
}
