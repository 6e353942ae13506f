/**
 * The interface between the benchmarks of the sampler and the variants in {@code explore}, which
 * are loaded again for each measurement. Begin with {@link
 * io.millrace.bench.variant.SamplerVariant}.
 *
 * <p>{@link io.millrace.bench.variant.IsolatedLoader} loads the classes of a variant in a class
 * loader of its own, because the JIT compiler specialises shared code for the classes that it has
 * seen: a variant measured second would otherwise run code that was compiled for the first.
 */
package io.millrace.bench.variant;
