/**
 * {@code millrace train}: its options, progress, result and HTML report. Begin with {@code
 * TrainCommand}; the options are in {@code TrainOptions}, {@code LearningOptions}, {@code
 * ModelOptions} and {@code CheckpointOptions}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The command saves its options as they were written ({@code options.json}), and {@code
 *       --resume} parses the command line once more with them as defaults. The settings that the
 *       result depends on are also compared with the checkpoint, so an option with another value is
 *       refused with both values.
 *   <li>The report is one HTML page without scripts or links to other files; plots are SVG inside
 *       it, so it opens offline and can be sent as one file.
 * </ul>
 */
package io.millrace.cli.train;
