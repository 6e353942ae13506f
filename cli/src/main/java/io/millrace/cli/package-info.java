/**
 * The {@code millrace} command: {@code main}, the list of subcommands, the exit codes. Begin with
 * {@link io.millrace.cli.Millrace}.
 *
 * <p><b>To add an option</b>, add a field with {@code @Option} to the command's class or to one of
 * its option groups, which are the classes that it has as a {@code @Mixin}: {@code train} has
 * {@code TrainOptions}, {@code LearningOptions}, {@code ModelOptions}, {@code CheckpointOptions},
 * {@code RankOptions} and others, {@code infer} has {@code InferOptions} and {@code ResultOptions};
 * options that every command has are in {@code CommonOptions}. An option of a new type needs a
 * converter in {@code Millrace.commandLine}. The JSON result of {@code train} has every option by
 * itself; one that the result does not depend on is excluded by name in {@code
 * TrainOptions.settings}. If it changes the weights and belongs to neither model, optimizer nor
 * objective, it gets a line in {@code TrainerSettings.identity} of the package {@code training}, or
 * a resumed training accepts another value.
 *
 * <p><b>To add a subcommand</b>, extend {@link io.millrace.cli.command.Subcommand} in the package
 * of its kind ({@code data}, {@code train}, {@code infer}, {@code serve}, {@code host} and so on)
 * and add it to {@code Millrace.COMMANDS}. Its help, its common options and its JSON result are
 * then checked by {@code UsageTest}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Exit codes: 0 is done, 2 is bad input or usage, 1 is an internal error. An error is one
 *       line; {@code --debug} shows the stack trace.
 *   <li>Results go to standard output, progress and errors to standard error, so that a result can
 *       be piped.
 *   <li>{@code bench} is listed here and implemented in a module of its own, which the launcher
 *       adds to the class path for {@code millrace bench} only: a plain command loads no class of
 *       it.
 * </ul>
 */
package io.millrace.cli;
