/**
 * Commands about the machine: {@code doctor} reports what was found and what is used, {@code
 * bundle} packs the command for a machine without Java and without a network. Begin with {@code
 * DoctorCommand} or {@code BundleCommand}.
 *
 * <p>A bundle holds the jars, a runtime made by {@code jlink} and the launcher's own start script
 * and flags ({@code build/start}, {@code build/jvm.flags}), so that it starts as a checkout does.
 * libtorch is not inside, because the one for CUDA is many times larger than the rest and a machine
 * with a GPU usually has it: {@code PYTORCH_LIBRARY_PATH} names it, and its version is checked
 * before DJL loads it.
 */
package io.millrace.cli.host;
