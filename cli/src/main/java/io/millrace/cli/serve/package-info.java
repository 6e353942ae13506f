/** {@code millrace serve}: begin with {@link io.millrace.cli.serve.ServeCommand}. */
package io.millrace.cli.serve;
