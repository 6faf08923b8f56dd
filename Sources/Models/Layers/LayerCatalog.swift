import Spec

/// Every layer that a spec can name.
package enum LayerCatalog {
  package static let layers = Catalog([
    ConvolutionLayer.self,
    DenseLayer.self,
    ConstantLayer.self,
    ModulatedConvolution.self,
    UpsampleLayer.self,
    DownsampleLayer.self,
    SumPoolLayer.self,
    PixelNorm.self,
    BatchNorm.self,
    LayerNorm.self,
    InstanceNorm.self,
    LeakyReLU.self,
    ReLULayer.self,
    SwishLayer.self,
    TanhLayer.self,
    GLULayer.self,
    NoiseLayer.self,
    DropoutLayer.self,
    MinibatchDeviation.self,
    SelfAttention.self,
    ExcitationLayer.self,
    ResidualLayer.self,
  ])
}
