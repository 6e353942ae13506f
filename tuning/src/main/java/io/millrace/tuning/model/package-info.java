/**
 * How many batches per second a pipeline can reach, as a linear program and as a model of whole
 * numbers. Begin with {@link io.millrace.tuning.model.ThroughputProgram}. Nothing here measures.
 *
 * <p>Source: Plumber (Kuchnik et al., MLSys 2022, section 4): a pipeline is a closed system of
 * stages with visit ratios and service costs, whose rates bound its throughput. Decisions:
 *
 * <ul>
 *   <li><b>The model's cost is a measured curve</b>, steps per second with k compute threads, and
 *       not one figure per core: libtorch's threads work as a gang, and Plumber's predictions were
 *       four times too high where an operator of "1" used three cores inside.
 *   <li><b>CPU and wall time are separate rows.</b> A stage that waits for the disk needs threads,
 *       not cores; with either time alone one of the two cases would be wrong.
 *   <li><b>The program's optimum is fractional</b>, 2 to 8 % above any whole numbers. {@code
 *       PipelineModel} therefore predicts whole settings, and the best of them are measured.
 *   <li><b>Preparation and compute slow each other down</b> where they share cores. Both are
 *       measured alone and with the other side busy; the model interpolates by how busy it is.
 *   <li>What one more core buys is computed by solving again with one more: easier to trust than a
 *       solver's multipliers.
 * </ul>
 */
package io.millrace.tuning.model;
