/**
 * The row-gather kernel: some C that copies rows of a matrix faster than Java can, for it may ask
 * for a row ahead of time. Optional: {@link io.millrace.kernel.KernelProbe} says whether it can be
 * used here, and if not, why.
 *
 * <p>It knows memory and numbers only. The C source and the script that compiles it are in {@code
 * src/main/c}.
 */
package io.millrace.kernel;
