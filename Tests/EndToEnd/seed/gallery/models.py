from django.db import models  
from PIL import Image  

class Post(models.Model):  

   """docstring for Post."""  

   title = models.CharField(max_length=100)  
   image = models.ImageField(upload_to='images/')  


   def __str__(self):  
       return self.title
