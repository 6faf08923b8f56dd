/// The argument of T that a convolution kernel computes; its operands fill the other two, in this order.
package enum ConvolutionSlot: Int, CaseIterable, Hashable, Sendable { case image, filter, output }
