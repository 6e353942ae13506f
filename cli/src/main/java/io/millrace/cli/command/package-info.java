/**
 * What a command is made of: common options, output, progress, JSON, number formats. Begin with
 * {@link io.millrace.cli.command.Subcommand}, then {@link io.millrace.cli.command.Output}. The
 * commands of {@code bench} use it too.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Options with a few possible values are enums, written in lower case ({@link
 *       io.millrace.cli.command.EnumOptions}), so that an error names all of them.
 *   <li>Numbers are written in the root locale ({@link io.millrace.cli.command.Format}), so that a
 *       result is the same text everywhere.
 *   <li>{@code --json} writes to a temporary file and renames it, so that a reader never sees half
 *       a result. A JSON file that cannot be written is reported before the work begins.
 * </ul>
 */
package io.millrace.cli.command;
