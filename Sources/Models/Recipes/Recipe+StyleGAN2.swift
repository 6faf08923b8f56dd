import Spec

extension Recipe {
  /// Mapped latents that modulate convolutions.
  static let stylegan2 = Recipe(
    "stylegan2", "Mapped latents modulate convolutions, noise, images as sums, a residual discriminator (after Karras et al. 2020)",
    generator: """
      latent_form: vector
      latent_norm: true
      mapping: [dense, leaky_relu, dense, leaky_relu]
      style_mixing: 0.9
      combine: skip
      output: linear
      layers:
        dense: {equalized_rate: weight, gain: 1.0, rate_factor: 0.01}
        modulated_convolution: {equalized_rate: weight, gain: 1.0}
        leaky_relu: {gain: 1.4142135623730951}
        upsample: {mode: fir}
      start: [constant, modulated_convolution, noise, leaky_relu]
      block: [upsample, modulated_convolution, noise, leaky_relu, modulated_convolution, noise, leaky_relu]
      to_rgb: [{modulated_convolution: {kernel: 1, demodulate: false}}]
      """,
    discriminator: """
      layers:
        convolution: {equalized_rate: weight, gain: 1.0}
        dense: {equalized_rate: weight, gain: 1.0}
        leaky_relu: {gain: 1.4142135623730951}
        downsample: {mode: fir}
        minibatch_deviation: {estimator: population}
      from_rgb: [{convolution: {kernel: 1}}, leaky_relu]
      block:
        - residual:
            main: [{convolution: {width: in}}, leaky_relu, convolution, downsample, leaky_relu]
            shortcut: [downsample, {convolution: {kernel: 1, bias: false}}]
            gain: 0.7071067811865476
      end: [minibatch_deviation, convolution, leaky_relu, dense, leaky_relu]
      head: [dense]
      """)
}
