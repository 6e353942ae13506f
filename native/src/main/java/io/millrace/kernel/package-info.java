/**
 * The row gather in C, which is faster than Java's because it prefetches rows. Begin with {@link
 * io.millrace.kernel.GatherKernel}; {@link io.millrace.kernel.KernelProbe} says whether it can be
 * used, and if not, why. The C source and the script that compiles it are in {@code src/main/c}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The kernel is optional.</b> A build without a C compiler succeeds, and the Java gather
 *       gives the same bytes.
 *   <li><b>The package imports no other package of Millrace</b>, and knows only memory and numbers.
 *       It therefore has its own way to write a file and to compute a checksum.
 * </ul>
 */
package io.millrace.kernel;
