package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.transfer.DeviceChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;

class UsageTest {
  private static final Set<String> COMMON =
      Set.of("--json", "--seed", "--workers", "--device", "--quiet", "--debug", "--help");

  @Test
  void everyCommandHasHelpThatDescribesEveryOption() {
    CommandLine top = Millrace.commandLine(new Streams(System.out, System.err));
    for (CommandLine command : withSubcommands(top)) {
      List<String> args =
          new ArrayList<>(List.of(command.getCommandSpec().qualifiedName().split(" ")));
      args.removeFirst();
      args.add("--help");
      CommandRun help = CommandRun.ok(args.toArray());
      assertEquals("", help.err());
      for (String line : command.getCommandSpec().usageMessage().description()) {
        assertTrue(help.out().contains(line.substring(0, 20)), help.out());
      }
      for (ArgSpec option : command.getCommandSpec().args()) {
        assertTrue(option.description().length > 0, option + " of " + command.getCommandName());
      }
    }
  }

  @Test
  void commandsAreThoseOfTheContract() {
    CommandLine top = Millrace.commandLine(new Streams(System.out, System.err));
    assertEquals(
        Set.of(
            "train",
            "sweep",
            "run",
            "tune",
            "balance",
            "report",
            "serve",
            "infer",
            "get",
            "import",
            "export",
            "generate",
            "inspect",
            "split-edges",
            "partition",
            "sample",
            "doctor",
            "bundle",
            "bench"),
        top.getSubcommands().keySet());
    assertEquals(
        Set.of("ogb", "graphbolt", "edges"),
        top.getSubcommands().get("import").getSubcommands().keySet());
  }

  @Test
  void onlyTheCommandThatTheArgumentsBeginWithIsMade() {
    Streams streams = new Streams(System.out, System.err);
    for (String name : Millrace.commandLine(streams).getSubcommands().keySet()) {
      CommandLine top = Millrace.commandLine(streams, List.of(name, "inspect"));
      assertEquals(Set.of(name), top.getSubcommands().keySet());
    }
  }

  @Test
  void everyCommandTakesTheCommonOptions() {
    CommandLine top = Millrace.commandLine(new Streams(System.out, System.err));
    for (CommandLine command : withSubcommands(top)) {
      if (command.getCommand() instanceof Subcommand) {
        Set<String> missing = new TreeSet<>(COMMON);
        missing.removeAll(command.getCommandSpec().optionsMap().keySet());
        assertEquals(Set.of(), missing, command.getCommandName());
      }
    }
  }

  /**
   * As {@code --metric accuracy|f1-micro}: a new constant is in the help, too. A time has only some
   * of Java's units, and a benchmark only what it compares.
   */
  @Test
  void anOptionThatListsTheConstantsOfAnEnumListsThemAll() {
    CommandLine top = Millrace.commandLine(new Streams(System.out, System.err));
    top.getCommandSpec().removeSubcommand("bench");
    int numListed = 0;
    for (CommandLine command : withSubcommands(top)) {
      for (ArgSpec option : command.getCommandSpec().args()) {
        Class<?> type = option.auxiliaryTypes()[0];
        if (type.isEnum() && type != TimeUnit.class && option.paramLabel().contains("|")) {
          List<String> constants =
              Arrays.stream(type.getEnumConstants())
                  .map(constant -> EnumOptions.label((Enum<?>) constant))
                  .toList();
          assertEquals(constants, List.of(option.paramLabel().split("[|]")), option.toString());
          numListed++;
        }
      }
    }
    assertTrue(numListed > 8, "listed: " + numListed);
  }

  @Test
  void tellsItsVersion() {
    assertTrue(CommandRun.ok("--version").out().matches("millrace \\d+\\.\\d+\\.\\d+\\S*\\R"));
  }

  @Test
  void usageErrorsAreOneLineWithAHint() {
    CommandRun.of().assertBadInput("a command is needed", "millrace --help");
    CommandRun.of("import").assertBadInput("ogb", "millrace import --help");
    CommandRun.of("generat").assertBadInput("generat", "did you mean: generate?");
    CommandRun.of("train", "--epoch", "3").assertBadInput("--epoch");
    CommandRun.of("train", "--epochs", "x").assertBadInput("--epochs", "millrace train --help");
    CommandRun.of("train", "--fanout", "10,x").assertBadInput("--fanout", "10,x");
    CommandRun.of("train", "a", "b").assertBadInput("b");
    CommandRun.of("inspect").assertBadInput("DATASET");
    CommandRun.of("generate", "rmat").assertBadInput("--out");
    CommandRun.of("generate", "rmat", "--out", "").assertBadInput("--out", "must not be empty");
    CommandRun.of("train", "--save", "").assertBadInput("--save", "must not be empty");
    CommandRun.of("generate", "star", "--out", "x")
        .assertBadInput("expected one of planted, rmat, chung-lu but was 'star'");
  }

  @Test
  void anArgumentThatBeginsWithAtIsNoFileOfArguments(@TempDir Path folder) throws IOException {
    String argument = "@" + Files.writeString(folder.resolve("arguments"), "--help");
    CommandRun.of("inspect", argument).assertBadInput(argument);
    CommandRun.of("generate", "rmat", "--out", folder, argument).assertBadInput(argument);
  }

  @Test
  void onlyCommandsThatPrepareBatchesNameADefaultOfWorkers() {
    for (String command : List.of("train", "infer", "generate", "inspect")) {
      boolean named = CommandRun.ok(command, "--help").out().contains("one for every two cores");
      assertEquals(List.of("train", "infer").contains(command), named, command);
    }
  }

  @Test
  void unknownModelsAndNormsNameTheKnownOnes() {
    CommandRun.of("train", "--model", "gnn")
        .assertBadInput("expected one of sage, gcn, gat, gin, sage-ri, jk, mlp", "'gnn'");
    CommandRun.of("train", "--norm", "group").assertBadInput("expected one of none, batch, layer");
    CommandRun.of("train", "--aggregator", "lstm").assertBadInput("expected one of mean, max, sum");
    CommandRun.of("train", "--activation", "x").assertBadInput("relu, leaky-relu, elu");
    CommandRun.of("train", "--jump", "x").assertBadInput("expected one of cat, max");
  }

  @Test
  void optionsOfAnotherModelAreRefused() {
    assertMisfit("--heads=2", "sage", "--heads", "2");
    assertMisfit("--aggregator=MAX", "gat", "--aggregator", "max");
    assertMisfit("--jump=MAX", "mlp", "--jump", "max");
    CommandRun.of("train", "--model", "gat", "--hidden", "10")
        .assertBadInput("multiple of the heads", "hidden=10, heads=4");
  }

  private static void assertMisfit(String found, String model, String... option) {
    CommandRun.of("train", "--model", model, option[0], option[1])
        .assertBadInput("option does not fit the model", found + ", --model=" + model);
  }

  @Test
  void anInternalErrorExitsWithOneAndShowsTheStackTraceOnlyWithDebug() {
    String plain = failing("fail");
    assertEquals(1, plain.lines().count(), plain);
    assertTrue(plain.contains("two lines; of text"), plain);
    assertTrue(plain.contains("internal error: run again with --debug"), plain);

    String debug = failing("fail", "--debug");
    assertTrue(debug.contains("\tat io.millrace"), debug);
  }

  @Test
  void memoryThatRanOutInAWorkerIsHintedAtLikeAnyOther() {
    for (Throwable failure :
        List.of(
            new OutOfMemoryError("Java heap space"),
            new IllegalStateException(
                "sample failed", new RuntimeException(new OutOfMemoryError("Java heap space"))))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
      assertEquals(1, new ErrorReporter(err, false).of(failure));
      assertEquals(
          "millrace: out of memory, give Java more: MILLRACE_JAVA_OPTS=-Xmx8g: Java heap space\n",
          bytes.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void memoryThatLibtorchDoesNotGetIsHintedAtWithoutItsStackTrace() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String message =
        "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 512000000000 bytes. Error code 12 (Cannot allocate memory)";
    Exception failure = new IllegalStateException(new RuntimeException(message + "\nframe #0"));
    assertEquals(1, new ErrorReporter(err, false).of(failure));
    String line = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("millrace: out of memory, the model"), line);
    assertTrue(line.endsWith("tried to allocate 512000000000 bytes\n"), line);
  }

  @Test
  void aResultThatCannotBePrintedIsAFault() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    for (String option : List.of("--help", "--version")) {
      assertEquals(1, Millrace.run(new String[] {option}, full, err));
    }
    String line = "millrace: the result cannot be written to standard output\n";
    assertEquals(line + line, bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void badInputShowsItsStackTraceOnlyWithDebug() {
    assertFalse(CommandRun.of("inspect", "nowhere").err().contains("\tat "));
    assertTrue(CommandRun.of("inspect", "nowhere", "--debug").err().contains("\tat io.millrace"));
  }

  @Command(name = "fail")
  private static final class Fail extends Subcommand {
    private Fail(Streams streams) {
      super(streams);
    }

    @Override
    protected Object run(CommonOptions common, Output output) {
      throw new IllegalStateException("two lines\n of text");
    }
  }

  private static String failing(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Streams streams = new Streams(System.out, err);
    CommandLine command = Millrace.commandLine(streams).addSubcommand(new Fail(streams));
    EnumOptions.register(command, DeviceChoice.class); // for the command just added
    assertEquals(1, Millrace.execute(command, args, System.out, err));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<CommandLine> withSubcommands(CommandLine command) {
    List<CommandLine> commands = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(sub -> commands.addAll(withSubcommands(sub)));
    return commands;
  }
}
