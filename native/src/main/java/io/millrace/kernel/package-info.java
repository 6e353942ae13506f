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
 *   <li><b>The package knows only memory and numbers</b>: no class of Millrace but the cache that
 *       its library is loaded from.
 * </ul>
 */
package io.millrace.kernel;
