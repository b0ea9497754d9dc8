/** The inner loops alone, measured by JMH: each beside what it is better than, or plain Java. */
package ai.postdev.benchmarks.kernel;
