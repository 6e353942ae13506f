/**
 * Everything that touches libtorch and the internals of DJL's PyTorch engine. Begin with {@link
 * io.millrace.training.torch.TorchEngine}; where a model computes is a {@link
 * io.millrace.training.torch.TorchDevice}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>One checked class calls libtorch's C interface ({@code LibTorch}). A wrong handle there
 *       crashes the JVM, so handles, types and sizes are checked before the call.
 *   <li>Scalars are tensors ({@code Scalars}). DJL's {@code x.mul(2)} passes the 2 in memory that
 *       may be collected before the backward pass reads it, and on a GPU the host waits for each.
 *       {@code HostTrafficTest} reads the compiled classes for such calls, and for all calls that
 *       move values between host and device.
 *   <li>Whether device slots can be used as tensors is tried, not assumed. Torch and JCuda each
 *       bring a CUDA runtime; both use the primary context of the GPU, so they share addresses.
 *       {@code SharedContextCheck} sends one batch that way and compares what torch sees. If it
 *       differs, DJL copies each batch in its turn, and the reason is reported.
 *   <li>libtorch's CUDA library is opened before libtorch is asked for its version ({@code
 *       UserLibTorch}). The first call that touches CUDA's hooks decides for the process whether
 *       there is a GPU, and {@code at::show_config} is such a call.
 *   <li>Memory of freed tensors stays with the process ({@code FreedMemory}): glibc's thresholds
 *       are raised by {@code mallopt} before libtorch is loaded. libtorch's own caching allocator
 *       for the CPU was not taken, because it keeps blocks by their exact size, and sampled batches
 *       differ in size, so it grows without a bound.
 *   <li>DJL loads libtorch from a cache without checking who can write to it, so that is checked
 *       first ({@code TorchCache}).
 *   <li>CUDA and libtorch allocate from the same GPU memory. Libtorch keeps what it has allocated;
 *       when a device slot finds no memory, libtorch's cache is emptied and the allocation repeated
 *       ({@code CacheReleasingCuda}).
 * </ul>
 */
package io.millrace.training.torch;
