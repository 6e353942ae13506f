package io.millrace.bench;

import io.millrace.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.ProfilersFailedException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands its arguments to JMH, which forks a JVM with the flags and the class path of this one. */
@Command(
    name = "jmh",
    description = {
      "Runs the JMH benchmarks of the sampler's parts: id maps, draws, whole batches.",
      "For instance: millrace bench jmh -l; millrace bench jmh SampleBenchmark -prof gc"
    })
final class JmhCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ARG",
      description = "JMH's own arguments, -h lists them; none = all benchmarks.")
  private List<String> args = new ArrayList<>();

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  @Override
  public Integer call() throws Exception {
    CommandLineOptions options = options();
    Runner runner = new Runner(options);
    if (options.shouldHelp()) {
      options.showHelp();
    } else if (options.shouldList()) {
      runner.list();
    } else {
      run(runner);
    }
    return CommandLine.ExitCode.OK;
  }

  private void run(Runner runner) throws RunnerException {
    try {
      runner.run();
    } catch (NoBenchmarksException _) {
      throw BadInputException.of(
          "no benchmark has such a name, millrace bench jmh -l lists them", "args", args);
    } catch (ProfilersFailedException e) {
      throw new BadInputException("JMH refuses its arguments: " + e.getMessage(), e);
    }
  }

  private CommandLineOptions options() {
    try {
      return new CommandLineOptions(args.toArray(String[]::new));
    } catch (CommandLineOptionException e) {
      throw new BadInputException("JMH refuses its arguments: " + e.getMessage(), e);
    }
  }
}
