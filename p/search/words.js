afterword.words({})
