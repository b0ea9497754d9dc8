/** Trees of past commits, held in memory while they are asked about. */
package ai.postdev.dragon.lake.past;
