/**
 * {@code bench slicer}: rows gathered per second in C and in Java, next to a plain copy and to the
 * gathers of other frameworks. Begin with {@link io.millrace.bench.slicer.SlicerCommand}; {@code
 * GatherContest} lists the contenders, {@code ReferenceC} compiles {@code gather.c}, the reference.
 */
package io.millrace.bench.slicer;
