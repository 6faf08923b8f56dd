import Spec

extension Recipe {
  /// Residual networks, the discriminator's with spectral norm.
  static let sngan = Recipe(
    "sngan", "Residual networks, batch norm in the generator, spectral norm in the discriminator (Miyato et al. 2018)",
    generator: """
      latent_form: vector
      latent_norm: false
      output: tanh
      layers:
        convolution: {initial: glorot, gain: 1.4142135623730951}
        dense: {initial: glorot}
      start: [{dense: {side: 4}}]
      block:
        - residual:
            main: [batch_norm, relu, upsample, convolution, batch_norm, relu, convolution]
            shortcut: [upsample, {convolution: {kernel: 1, gain: 1}}]
      to_rgb: [batch_norm, relu, {convolution: {gain: 1}}]
      """,
    discriminator: """
      layers:
        convolution: {initial: glorot, gain: 1.4142135623730951, spectral_norm: pass}
        dense: {initial: glorot, spectral_norm: pass}
      from_rgb: [{convolution: {gain: 1}}]
      block:
        - residual:
            main: [relu, {convolution: {width: in}}, relu, convolution, downsample]
            shortcut: [{convolution: {kernel: 1, gain: 1}}, downsample]
      end:
        - residual:
            main: [relu, {convolution: {width: in}}, relu, convolution]
            shortcut: [{convolution: {kernel: 1, gain: 1}}]
      head: [relu, sum_pool, dense]
      """)
}
