"""A source becomes activities: once, whole or not at all.

A file is read and appraised before anything is written; then its original, activities, totals and efforts go in
with one transaction, a few files at a time. What has been yielded is committed: killed at any moment, the database
holds all of a file or nothing of it, and the next run goes on.
"""
