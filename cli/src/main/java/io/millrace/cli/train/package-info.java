/**
 * {@code millrace train}: its options, progress and result. Begin with {@code TrainCommand}; the
 * options are in {@code TrainOptions}, {@code LearningOptions}, {@code ModelOptions} and {@code
 * CheckpointOptions}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The command saves its options as they were written ({@code options.json}), and {@code
 *       --resume} parses the command line once more with them as defaults. The settings that the
 *       result depends on are also compared with the checkpoint, so an option with another value is
 *       refused with both values.
 * </ul>
 */
package io.millrace.cli.train;
