/**
 * What the two ends of a door share: the frames of the Unix-domain socket and the codes of faults. Kept free of Pekko
 * and of configuration, because the command line loads it for every call.
 */
package ai.postdev.actors.door;
