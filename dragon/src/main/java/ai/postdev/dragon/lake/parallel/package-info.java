/** How one answer is made by more than one thread. */
package ai.postdev.dragon.lake.parallel;
