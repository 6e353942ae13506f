/**
 * {@code millrace run}: the steps of a plan as lines of other commands, in one process. Begin with
 * {@link io.millrace.cli.run.RunCommand}.
 */
package io.millrace.cli.run;
