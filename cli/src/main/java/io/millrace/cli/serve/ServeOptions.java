package io.millrace.cli.serve;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.sampler.Fanout;
import io.millrace.serving.Keystore;
import io.millrace.serving.ServerOptions;
import io.millrace.serving.http.AccessToken;
import io.millrace.serving.models.ModelSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How to serve, from the command line to the settings of a server. */
final class ServeOptions {
  private static final long NANOS_PER_MILLI = 1_000_000;

  @Option(
      names = "--slo-ms",
      paramLabel = "MS",
      defaultValue = "20",
      description =
          "The objective: how long an answer may take. Batches grow as far as it allows, and what"
              + " would take longer is refused (default: ${DEFAULT-VALUE}).")
  private int sloMillis;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen (default: ${DEFAULT-VALUE}, this machine alone).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--mode",
      paramLabel = "exact|sampled|table",
      defaultValue = "sampled",
      description =
          "exact: all neighbours; sampled: the same sample each time; table: from --table"
              + " (default: ${DEFAULT-VALUE}).")
  private ModelSettings.Mode mode;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description = "Sampled: neighbours per hop, next to the node first (default: as trained).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(names = "--embeddings", description = "Answers have embeddings, too.")
  private boolean embeddings;

  @Option(
      names = "--cache",
      paramLabel = "SIZE",
      defaultValue = "64m",
      description = "Answers that are kept; 0 keeps none (default: ${DEFAULT-VALUE}).")
  private ByteSize cache;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Nodes that may wait for a model (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--max-delay-ms",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How long a batch waits for company (default: ${DEFAULT-VALUE}).")
  private double maxDelayMillis;

  @Option(
      names = "--max-edges",
      paramLabel = "N",
      description =
          "Edges of a node's neighbourhood; more is 413 (default: 4194304, or fewer if the model"
              + " holds values per edge: as many as take 1 GiB).")
  private Optional<Long> maxEdges = Optional.empty();

  @Option(
      names = "--max-nodes",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Nodes of a request; more is 413 (default: ${DEFAULT-VALUE}).")
  private int maxNodes;

  @Option(
      names = "--max-body",
      paramLabel = "SIZE",
      defaultValue = "1m",
      description = "Bytes of a request; more is 413 (default: ${DEFAULT-VALUE}).")
  private ByteSize maxBody;

  @Option(
      names = "--max-rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Requests per second that one client address may send; more is 429. 0 is no limit"
              + " (default: ${DEFAULT-VALUE}).")
  private double maxRate;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description =
          "Threads of a model's operations (default: half of the cores over the models; the rest is"
              + " for requests and samples).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is the bearer token that clients must show.")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "Certificate and key as PKCS 12: serve https.")
  private Optional<Path> keystore = Optional.empty();

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "Its first line is the password of the keystore.")
  private Optional<Path> keystorePassword = Optional.empty();

  @Option(
      names = "--drain-delay-s",
      paramLabel = "S",
      defaultValue = "5",
      description =
          "After SIGTERM, how long requests are still taken, so that a balancer notices"
              + " (default: ${DEFAULT-VALUE}).")
  private double drainDelaySeconds;

  @Option(
      names = "--drain-timeout-s",
      paramLabel = "S",
      defaultValue = "30",
      description = "And how long those that are answered may take (default: ${DEFAULT-VALUE}).")
  private double drainTimeoutSeconds;

  ModelSettings.Mode mode() {
    return mode;
  }

  long cacheBytes() {
    return cache.bytes();
  }

  ModelSettings models(long seed, int numModels) {
    if (sloMillis < 1 || sloMillis > 600_000) {
      throw BadInputException.of("--slo-ms must be 1 to 600000", "slo-ms", sloMillis);
    }
    if (queue < 1 || !(maxDelayMillis >= 0) || maxDelayMillis > sloMillis) {
      throw BadInputException.of(
          "a queue holds a node, and waits for company no longer than the objective",
          "queue",
          queue,
          "max-delay-ms",
          maxDelayMillis);
    }
    if (queue < maxNodes) {
      throw BadInputException.of(
          "the queue must hold a request", "queue", queue, "max-nodes", maxNodes);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return new ModelSettings(
        sloMillis * NANOS_PER_MILLI,
        mode,
        fanout,
        seed,
        embeddings,
        maxEdges.map(OptionalLong::of).orElse(OptionalLong.empty()),
        queue,
        (long) (maxDelayMillis * NANOS_PER_MILLI),
        1,
        1,
        computeThreads.orElse(Math.max(1, cores / 2 / numModels)));
  }

  ServerOptions server() {
    if (keystore.isPresent() != keystorePassword.isPresent()) {
      throw BadInputException.of(
          "a keystore needs a password file",
          "tls-keystore",
          keystore.isPresent(),
          "tls-password-file",
          keystorePassword.isPresent());
    }
    ServerOptions options =
        ServerOptions.defaults()
            .address(host, port)
            .limits(Math.toIntExact(Math.min(maxBody.bytes(), 1 << 30)), maxNodes)
            .maxRate(maxRate)
            .drain(seconds(drainDelaySeconds), seconds(drainTimeoutSeconds))
            .token(tokenFile.map(AccessToken::read).orElse(AccessToken.NONE));
    return keystore
        .map(file -> options.tls(Keystore.tls(file, keystorePassword.orElseThrow())))
        .orElse(options);
  }

  private static Duration seconds(double value) {
    if (!(value >= 0 && value <= 3600)) {
      throw BadInputException.of("a drain takes 0 to 3600 s", "seconds", value);
    }
    return Duration.ofMillis((long) (value * 1000));
  }
}
