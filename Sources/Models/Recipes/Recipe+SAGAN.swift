import Spec

extension Recipe {
  /// Residual networks with spectral norm and self-attention.
  static let sagan = Recipe(
    "sagan", "Residual networks with spectral norm in both and self-attention at 32x32 pixels (Zhang et al. 2019)",
    generator: """
      latent_form: vector
      latent_norm: false
      output: tanh
      layers:
        convolution: {initial: glorot, spectral_norm: step}
        dense: {initial: glorot, spectral_norm: step}
        self_attention: {value: half, pool: max, bias: false, initial: glorot, spectral_norm: step}
      start: [{dense: {side: 4}}]
      block:
        - residual:
            main: [batch_norm, relu, upsample, convolution, batch_norm, relu, convolution]
            shortcut: [upsample, {convolution: {kernel: 1}}]
      at: {32: {after: [self_attention]}}
      to_rgb: [batch_norm, relu, convolution]
      """,
    discriminator: """
      layers:
        convolution: {initial: glorot, spectral_norm: step}
        dense: {initial: glorot, spectral_norm: step}
        self_attention: {value: half, pool: max, bias: false, initial: glorot, spectral_norm: step}
      from_rgb: [convolution]
      block:
        - residual:
            main: [relu, convolution, relu, convolution, downsample]
            shortcut: [{convolution: {kernel: 1}}, downsample]
      at: {32: {before: [self_attention]}}
      end:
        - residual:
            main: [relu, convolution, relu, convolution]
            shortcut: [{convolution: {kernel: 1}}]
      head: [relu, sum_pool, dense]
      """)
}
