import Spec

extension Recipe {
  /// Gated linear units, noise and skip-layer excitation.
  static let fastgan = Recipe(
    "fastgan", "Gated linear units, noise, batch and spectral norm, skip-layer excitation (after Liu et al. 2021)",
    generator: """
      latent_form: vector
      latent_norm: false
      output: tanh
      layers:
        convolution: {expansion: 2, bias: false, initial: 0.02, spectral_norm: pass}
        batch_norm: {initial: 0.02}
        excitation: {bias: false, initial: 0.02, spectral_norm: pass}
      start: [{convolution: {kernel: 4, padding: 0, transposed: true}}, batch_norm, glu]
      block: [upsample, convolution, noise, batch_norm, glu, convolution, noise, batch_norm, glu]
      at:
        64: {after: [{excitation: {from: 4}}]}
        128: {after: [{excitation: {from: 8}}]}
        256: {after: [{excitation: {from: 16}}]}
      to_rgb: [{convolution: {expansion: 1}}]
      """,
    discriminator: """
      layers:
        convolution: {bias: false, initial: 0.02, spectral_norm: pass}
        batch_norm: {initial: 0.02}
      from_rgb: [convolution, leaky_relu]
      block:
        - residual:
            main: [{convolution: {kernel: 4, stride: 2}}, batch_norm, leaky_relu, convolution, batch_norm, leaky_relu]
            shortcut: [downsample, {convolution: {kernel: 1}}, batch_norm, leaky_relu]
            gain: 0.5
      end: [{convolution: {kernel: 1}}, batch_norm, leaky_relu]
      head: [{convolution: {kernel: 2, padding: 0}}]
      """)
}
