/// SIGKILL at a random moment while networks are trained whose layers keep statistics and draw random numbers.
enum StatefulNetworks: Chapter {
  private static let networks: [(name: String, overrides: [String])] = [
    (
      "a self-attention GAN",
      [
        "generator.layers={convolution: {border: zeros, equalized_rate: none, spectral_norm: pass}}",
        "generator.start=[convolution, batch_norm, relu, {dropout: {rate: 0.25}}]",
        "generator.block=[upsample, convolution, {batch_norm: {statistics: running}}, relu, {self_attention: {reduction: 2}}]",
        "discriminator.layers={convolution: {border: zeros, equalized_rate: none, spectral_norm: step}}",
        "discriminator.block=[convolution, batch_norm, leaky_relu, downsample]",
        "discriminator.end=[{self_attention: {reduction: 2, spectral_norm: pass}}, {convolution: {kernel: 4, padding: 0}}]",
        "loss={generator: {hinge: {}}, discriminator: {hinge: {}}}",
      ]
    ),
    (
      "a network after FastGAN",
      [
        "generator.layers={convolution: {border: zeros, equalized_rate: none, expansion: 2, spectral_norm: pass}}",
        "generator.start=[convolution, batch_norm, glu]", "generator.to_rgb=[{convolution: {expansion: 1}}]",
        "generator.block=[upsample, convolution, noise, batch_norm, glu, {excitation: {from: 4, spectral_norm: pass}}]",
        "loss={generator: {hinge: {}}, discriminator: {hinge: {}}}",
      ]
    ),
    (
      "a network after StyleGAN2",
      [
        "generator.latent_form=vector", "generator.latent_norm=true", "generator.style_mixing=0.9", "generator.combine=skip",
        "generator.mapping=[{dense: {rate_factor: 0.1}}, leaky_relu]",
        "generator.layers={modulated_convolution: {equalized_rate: weight}}",
        "generator.start=[constant, modulated_convolution, noise, leaky_relu]",
        "generator.block=[{upsample: {mode: fir}}, modulated_convolution, noise, leaky_relu]",
        "generator.to_rgb=[{modulated_convolution: {kernel: 1, demodulate: false}}]", "generator.output=linear",
      ]
    ),
  ]

  static func run(_ session: Session) throws {
    for (name, overrides) in networks {
      let experiment = try Experiment(in: session.experiment.workplace, folder: name, overrides)
      Kills.kill("kill -9 of \(name)", Count.networkKills.number(session.isShort), of: experiment, session)
    }
  }
}
