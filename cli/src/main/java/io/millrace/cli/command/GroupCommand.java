package io.millrace.cli.command;

import io.millrace.Internal;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups its subcommands, as {@code import} groups the formats. */
@Command(mixinStandardHelpOptions = true)
@Internal
public final class GroupCommand implements Runnable {
  private final String member;
  @Spec private CommandSpec spec;

  private GroupCommand(String member) {
    this.member = member;
  }

  /**
   * @param name of the command
   * @param member what a subcommand is, in the singular, for instance {@code format}
   * @param description one sentence
   * @return the command, to which the subcommands are added
   */
  public static CommandLine of(String name, String member, String description) {
    CommandLine command = new CommandLine(new GroupCommand(member));
    String title = member.substring(0, 1).toUpperCase(Locale.ROOT) + member.substring(1);
    String label = member.toUpperCase(Locale.ROOT);
    command.getCommandSpec().name(name).usageMessage().description(description);
    command
        .getCommandSpec()
        .usageMessage()
        .synopsisSubcommandLabel(label)
        .commandListHeading("%n" + title + "s:%n")
        .footer("%nOptions of a " + member + ": millrace " + name + " " + label + " --help");
    return command;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a " + member + " is needed: " + spec.subcommands().keySet());
  }
}
