/**
 * CUDA through JCuda: the few calls that copy batches to a GPU. Begin with {@link
 * io.millrace.cuda.Cuda}; {@link io.millrace.cuda.CudaProbe} says whether a GPU can be used. The
 * package knows memory, streams and events, and nothing of batches.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The GPU is tested without a GPU.</b> {@code Cuda} has only the calls that are used. Its
 *       test double {@code RecordingCuda} gives every operation a vector clock, and so finds an
 *       access that is not ordered after the one it conflicts with, whatever the timing of the run.
 *       It also executes operations as early, as late or as unevenly as CUDA may, so that wrong
 *       bytes show too.
 *   <li><b>Training as on a GPU is tested without a GPU.</b> The test double {@code HostMemoryCuda}
 *       is a GPU whose memory is the host's, where copies are done as late as allowed. So libtorch
 *       on the CPU can compute where batches were copied to, and {@code DevicePathTest} checks that
 *       it learns bit for bit what it learns without.
 *   <li><b>JCuda does not choose its library.</b> It would take a file in the temporary folder,
 *       which any user can put there; {@code JCudaLibrary} gives it one from the user's own folder,
 *       and only where there is a driver.
 *   <li><b>Page-locked memory has CUDA's default flags.</b> It is not write-combined, because the
 *       host reads the slots too, for checksums.
 *   <li><b>Two CUDA runtimes share one context.</b> Torch and JCuda each bring a runtime; both use
 *       the primary context of the GPU, and so the same addresses and the same default stream.
 * </ul>
 */
package io.millrace.cuda;
