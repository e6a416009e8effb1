"""Write plans: a specification, or a plan of any dialect, to files. Pure.

* specification  text → requirements, components, what is out of scope
* numbering      a specification without ids → the same text with ids
* project        what a repository is like: language, folders, how tests start
* draft          one phase before it is text
* course         specification and project → drafts in order
* page           a draft → the text of one phase
* layout         drafts → the files of a phase directory, or one file
"""
